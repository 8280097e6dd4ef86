import { randomUUID } from 'node:crypto';
import { type TaskEventData, taskEventMessage, type Worker } from '@netbuild/realtime-engine';
import { RealtimeError } from '@netbuild/realtime-protocol';
import { type ReachableEngine, reachEngine } from './choose.ts';
import { startTaskEvents } from './ingest/task-events.ts';
import type { WebSocketGateway } from './websocket-gateway.ts';

/** Brings what happens in an engine into the log, until it is closed. */
export type StartCapture = (tools: {
  engine: string;
  url: string;
  user: string | undefined;
  password: string | undefined;
  gateway: WebSocketGateway;
}) => { close(): Promise<void> };

/** What may be set beside the engine's address. */
export interface CamundaEventBridgeOptions {
  /** The account at the engine. Default: CAMUNDA_USER and CAMUNDA_PASSWORD of the gateway's settings. */
  user?: string;
  password?: string;
  /** The engine's name, if there are several. Default `default`. */
  name?: string;
  /** Looks at the engine over REST, where no plugin tells of it. Default: nobody does. */
  startCapture?: StartCapture;
}

/**
 * Joins an engine to a gateway: the events that diagrams announce (`__task-event__`), the commands of the gateway's
 * sockets, and what is captured over REST. It ends with the gateway.
 *
 * @example
 * const bridge = new CamundaEventBridge('http://localhost:8080/engine-rest', gateway);
 * await bridge.emitTaskEvent(processInstanceId, 'created', { id: '4711', name: 'Review' });
 */
export class CamundaEventBridge {
  readonly #engine: ReachableEngine;
  readonly #worker: Worker | undefined;
  readonly #capture: ReturnType<StartCapture> | undefined;

  constructor(camundaUrl: string, gateway: WebSocketGateway, options: CamundaEventBridgeOptions = {}) {
    const { config, logger, publish } = gateway;
    const { user = config.CAMUNDA_USER, password = config.CAMUNDA_PASSWORD, name = 'default' } = options;
    const domain = config.DEFAULT_DOMAIN;
    this.#engine = reachEngine({ url: camundaUrl, user, password, domain });
    gateway.useEngine(name, this.#engine.client);
    if (config.TASK_EVENTS === 'on')
      this.#worker = startTaskEvents({ engine: name, tasks: this.#engine.tasks, publish, domain, logger });
    this.#capture = options.startCapture?.({ engine: name, url: camundaUrl, user, password, gateway });
    gateway.endWith(this);
  }

  /**
   * Announces an event to a process instance: correlates the message `taskEvent` with the variables `event` (String)
   * and `taskData` (Json). A lost answer is looked into, and not asked for again.
   *
   * @throws {@link RealtimeError} `no_match` where the instance does not wait for it; `engine_unreachable`; `in_doubt`
   */
  async emitTaskEvent(processInstanceId: string, event: string, taskData: TaskEventData): Promise<void> {
    const { client } = this.#engine;
    const command = `bridge/${randomUUID()}`;
    try {
      await client.correlate({ ...taskEventMessage(processInstanceId, event, taskData), command });
    } catch (error) {
      if (!(error instanceof RealtimeError && error.code === 'in_doubt')) throw error;
      const seen = await client.look
        .correlated({ command, processInstanceId })
        .catch(() => 'unknown' as const);
      if (typeof seen === 'string') throw error;
    }
  }

  /** Stops what it has started. */
  async close(): Promise<void> {
    await Promise.all([this.#worker?.close(), this.#capture?.close()]);
  }
}
