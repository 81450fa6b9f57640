export { sidesOfWebhooks, WebhookAccelerator, type WebhookHost, type WebhookSettings } from './accelerator';
export { receiveWebhook, type WebhookAnswer, type WebhookRequest } from './receive';
export { registerForTest } from './registerForTest';
export { type WebhookRegistration, webhookRegistrations } from './registration';
export { type Registrar, removeWebhooks } from './remove';
export { type SubscriptionView, subscriptionViews } from './view';
