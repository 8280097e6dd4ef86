export { BpmnError, Hopeless } from '@netbuild/realtime-engine';
export { type Agent, type AgentHandler, type AgentOptions, agent, type Result, type Say } from './agent.ts';
export type { RunTiming } from './run.ts';
export { type Agents, type AgentsOptions, type AgentsTiming, startAgents } from './start-agents.ts';
export type { AgentTask } from './task.ts';
