/** Import before anything of n8n, which reads this when it is loaded: n8n then refuses requests to private addresses, as an administrator may set it. */
process.env['N8N_SSRF_PROTECTION_ENABLED'] = 'true';
