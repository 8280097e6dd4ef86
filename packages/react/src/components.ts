export { AgentCard, type AgentCardOptions, type AgentCardProps } from './agents/agent-card.tsx';
export {
  ApprovalCard,
  type ApprovalCardOptions,
  type ApprovalCardProps,
} from './approvals/approval-card.tsx';
export { DefinitionDiagram, type DefinitionDiagramProps } from './diagram/definition-diagram.tsx';
export { ProcessDiagram, type ProcessDiagramProps } from './diagram/process-diagram.tsx';
export { TaskForm, type TaskFormProps } from './forms/task-form.tsx';
export {
  IncidentCard,
  type IncidentCardOptions,
  type IncidentCardProps,
} from './incidents/incident-card.tsx';
export { Avatar, type AvatarProps } from './parts/avatar.tsx';
export { Button, type ButtonProps } from './parts/button.tsx';
export type { RenderPart } from './parts/card.tsx';
export { type ErrorWords, useErrorWords } from './parts/error-words.ts';
export type { OfRow } from './parts/of-row.tsx';
export { PaymentCard, type PaymentCardProps } from './payments/payment-card.tsx';
export { PresenceList, type PresenceListProps } from './presence/presence-list.tsx';
export { TaskCard, type TaskCardOptions, type TaskCardProps } from './tasks/task-card.tsx';
export { TaskList, type TaskListProps } from './tasks/task-list.tsx';
