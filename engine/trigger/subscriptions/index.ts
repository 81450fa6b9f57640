export { WebhookAccelerator, type WebhookHost, type WebhookSettings } from './accelerator';
export { receiveWebhook, type WebhookAnswer, type WebhookRequest } from './receive';
export { type Registrar, removeWebhooks } from './remove';
export { addressProblem } from './publicAddress';
