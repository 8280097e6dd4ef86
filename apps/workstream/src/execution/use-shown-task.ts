import { useEffect } from 'react';

/** Shows the task that the address names, once it is there. */
export function useShownTask(taskId: string | undefined, isThere: boolean): void {
  useEffect(() => {
    if (taskId === undefined || !isThere) return;
    const card = document.querySelector<HTMLElement>(`[data-task-id=${JSON.stringify(taskId)}]`);
    if (!card) return;
    card.scrollIntoView({ block: 'nearest' });
    card.classList.add('shown-task');
    const timer = setTimeout(() => card.classList.remove('shown-task'), 3000);
    return () => {
      clearTimeout(timer);
      card.classList.remove('shown-task');
    };
  }, [taskId, isThere]);
}
