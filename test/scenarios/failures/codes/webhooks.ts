import { Dynamics365SyncTrigger } from '../../../../nodes/Dynamics365SyncTrigger/Dynamics365SyncTrigger.node';
import { hooked } from '../../../kit/hooks';
import { type LocalSystems, startLocalSystems } from '../../../kit/n8nLocalSystems';
import { useNewState } from '../../../kit/workflow';
import { createWebhookStage } from '../../trigger/webhookStage';
import { MINUTE } from '../../trigger/stage';
import { refusedWith, says, type Walks } from './kit';
import { expectNamesOfNodes } from './names';

/** Registering webhooks in Dataverse, and what stands in its way. */
let systems: LocalSystems;

export const open = async (): Promise<void> => {
	systems = await startLocalSystems();
};
export const close = async (): Promise<void> => await systems.close();

export const webhookWalks: Walks = {
	WEBHOOK_OTHER_ENVIRONMENT: async () => {
		useNewState();
		const credentials = systems.vault();
		const parameters = {
			...{ company: systems.company, startWhen: 'webhooks', mappings: ['CUSTOMER'], lookEverySeconds: 360 },
			...{ webhooksFrom: 'crm', crmWebhooks: 'register', options: {} },
		};
		const own = hooked(Dynamics365SyncTrigger, parameters, credentials);
		credentials.change('dataverseRegistrationApi', { environmentUrl: systems.addresses.crm.replace('127.0.0.1', 'localhost') });
		const error = await own.remove().then(
			() => null,
			(thrown: Error & { description?: string }) => thrown,
		);
		const seen = { message: error!.message, hint: String(error!.description) };
		expect(seen.hint).toContain('WEBHOOK_OTHER_ENVIRONMENT');
		expectNamesOfNodes(seen.hint);
		says(seen, 'same environment');
		credentials.change('dataverseRegistrationApi', { environmentUrl: systems.addresses.crm });
		expect(await own.remove()).toBe(true);
	},
	CRM_TABLE_NOT_TOLD: async () => {
		const stage = await createWebhookStage();
		const { crm } = stage.world.sandbox;
		const filters = crm.rows('sdkmessagefilter').filter((row) => row['primaryobjecttypecode'] === 'account');
		for (const row of filters) crm.remove('sdkmessagefilter', String(row['sdkmessagefilterid']));
		const session = await stage.world.open();
		const seen = await refusedWith('CRM_TABLE_NOT_TOLD', session.crm.serviceEndpoints!.createSteps('none', [{ name: 'x', table: 'account', message: 'Create', columns: [] }])); // prettier-ignore
		const mixed = stage.accelerator({ mappings: ['CUSTOMER', 'ITEM-PRODUCT'] });
		await mixed.keep(session, stage.world.clock.now());
		expect(stage.registered().steps).toHaveLength(3);
		expect(mixed.lookEveryMs(stage.world.clock.now())).toBeNull();
		expect(mixed.notices().join()).toMatch(/WEBHOOKS_OFF: .*Dataverse has no message \w+ of the table account/);
		says(seen, '"Webhooks From" to Business Central');
		const mended = stage.accelerator({ mappings: ['CUSTOMER', 'ITEM-PRODUCT'] }, { crm: null });
		await mended.keep(session, stage.world.clock.now());
		expect(mended.lookEveryMs(stage.world.clock.now())).toBe(6 * MINUTE);
		await session.store.close();
		await stage.close();
	},
};
