/** A PEM block: `-----BEGIN <label>-----`, headers of old keys, base64, `-----END <label>-----`. */
export interface PemBlock {
	label: string;
	/** As OpenSSL writes it, whatever became of the line breaks on the way. */
	text: string;
	/** It needs a passphrase. */
	encrypted: boolean;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^]*?)-----END \1-----/g;
const LINE = /.{1,64}/g;

/**
 * The blocks of a PEM text. Fields of one line turn line breaks into spaces, and JSON and environment variables into `\n`; both are undone.
 * What is no PEM gives no blocks.
 */
export function pemBlocks(text: string): PemBlock[] {
	return [...text.matchAll(BLOCK)].map(([, label = '', inside = '']) => {
		const plain = inside.replace(/\\r|\\n/g, '\n');
		const encrypted = label.includes('ENCRYPTED') || /Proc-Type:\s*4\s*,\s*ENCRYPTED/.test(plain);
		const body = (plain.replace(/\s+/g, '').match(LINE) ?? []).join('\n');
		return { label, encrypted, text: `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n` };
	});
}
