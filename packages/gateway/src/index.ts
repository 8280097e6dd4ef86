export type { Actor } from './auth/actor.ts';
export type { AskedCommand, OwnPolicy, Verdict } from './auth/own-policy.ts';
export { createTokens, type Tokens } from './auth/token.ts';
export { CamundaEventBridge, type CamundaEventBridgeOptions } from './camunda-event-bridge.ts';
export { type Config, ConfigError, readConfig, SETTINGS } from './config/config.ts';
export { type Gateway, type GatewayParts, startGateway } from './gateway.ts';
export { createPublish, type Publish, type Published, type PublishResult } from './ingest/publish.ts';
export { type Broadcast, WebSocketGateway, type WebSocketGatewayOptions } from './websocket-gateway.ts';
