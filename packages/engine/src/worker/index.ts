export { createExternalTasks, type ExternalTask, type ExternalTasks } from './external-tasks.ts';
export { BpmnError, Hopeless } from './failure.ts';
export { TASK_EVENT, TASK_EVENT_VARIABLES, taskEventFact } from './task-event.ts';
export { startWorker, type TaskHandler, type Worker, type WorkerOptions } from './worker.ts';
