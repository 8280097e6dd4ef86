export { TaskForm, type TaskFormProps } from './forms/task-form.tsx';
export { Avatar } from './parts/avatar.tsx';
export { Button, type ButtonProps } from './parts/button.tsx';
export { type ErrorWords, useErrorWords } from './parts/error-words.ts';
export { TaskCard, type TaskCardOptions, type TaskCardProps } from './tasks/task-card.tsx';
export { TaskList, type TaskListProps } from './tasks/task-list.tsx';
