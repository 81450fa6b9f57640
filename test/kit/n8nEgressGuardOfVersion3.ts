/** Switches on the protection against server-side request forgery with the ranges that n8n 3 blocks by itself; to be imported before anything of n8n. */
Object.assign(process.env, {
	N8N_SSRF_PROTECTION_ENABLED: 'true',
	N8N_SSRF_BLOCKED_IP_RANGES: 'default,::/128,100.64.0.0/10,2002::/16,64:ff9b::/96',
});
