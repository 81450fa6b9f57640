/** As n8nEgressGuard.ts; but the name `localhost` is allowed, as an administrator may set it, while its address is not. */
Object.assign(process.env, { N8N_SSRF_PROTECTION_ENABLED: 'true', N8N_SSRF_ALLOWED_HOSTNAMES: 'localhost' });
