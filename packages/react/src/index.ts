export type { ErrorDetails, ListName, RoomState, Row, Status, ViewQuery } from '@netbuild/realtime-client';
export { isOf, RealtimeError } from '@netbuild/realtime-client';
export { mentionsIn } from './chat/mentions.ts';
export {
  ReactiveWorkstreamChat,
  type ReactiveWorkstreamChatProps,
} from './chat/reactive-workstream-chat.tsx';
export { WorkstreamTimeline, type WorkstreamTimelineProps } from './chat/workstream-timeline.tsx';
export * from './components.ts';
export { useWebSocket, WebSocketContext, type WebSocketValue } from './context.ts';
export { type Formats, useFormats } from './locale/formats.ts';
export { type Language, type Locale, LocaleProvider, useLocale, useWords } from './locale/locale.tsx';
export type { Send, SendAnswer } from './optimistic.ts';
export { WebSocketProvider, type WebSocketProviderProps } from './provider.tsx';
export type { DataStatus, Live, Trust, Why } from './trust.ts';
export { type CommandState, useCommand } from './use-command.ts';
export { type Earlier, useEarlier } from './use-earlier.ts';
export { useEvent } from './use-event.ts';
export { useHistory, useMessages } from './use-history.ts';
export { type Presence, usePresence } from './use-presence.ts';
export { useRoom } from './use-room.ts';
export { useIdentity, useStatus } from './use-status.ts';
export { useSayTyping, useTyping } from './use-typing.ts';
export { useAgents, useExecutions, useProcess, useTasks, useView } from './use-view.ts';
