/** A Markdown table. Cells may hold anything but line breaks; pipes are escaped. */
export function table(heads: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
	return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ').trim() || '–';

/** HTML links of the editor's descriptions as Markdown links, without other tags. */
export const plainText = (html: string): string =>
	html.replace(/<a href="([^"]+)"[^>]*>(.*?)<\/a>/g, '[$2]($1)').replace(/<\/?(?:b|i|code|br)\s*\/?>/g, '');

export const code = (text: string): string => `\`${text}\``;
