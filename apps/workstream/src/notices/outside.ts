import { setTitleCount } from '../shell/page-title.ts';
import type { Notice } from './book.ts';

/** Says outside the page how much waits for the person: in the window's title, on its icon, and on the app's. */
export function showCount(count: number): void {
  setTitleCount(count);
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const address = count > 0 ? './icon-waiting.svg' : './icon.svg';
  if (icon && icon.getAttribute('href') !== address) icon.setAttribute('href', address);
  // Only installed apps have a badge; a browser that has none for this page says so by a rejection.
  if ('setAppBadge' in navigator) void navigator.setAppBadge(count).catch(() => {});
}

/** Whether notifications can be shown here, may be asked for, or are refused for good. */
export function permission(): NotificationPermission | 'impossible' {
  return 'Notification' in globalThis ? Notification.permission : 'impossible';
}

/** Asks the person for the permission; only to be called from a click. */
export async function askForPermission(): Promise<boolean> {
  return permission() !== 'impossible' && (await Notification.requestPermission()) === 'granted';
}

/**
 * Shows a notification of the device. A second one of the same notice takes the place of the first.
 *
 * @returns takes it away
 */
export function notify(notice: Notice, title: string, onClick: () => void): () => void {
  try {
    const shown = new Notification(title, { body: notice.what, tag: notice.id, icon: './icon.svg' });
    shown.addEventListener('click', () => {
      window.focus();
      onClick();
      shown.close();
    });
    return () => shown.close();
  } catch {
    // Browsers of some phones have the name and no constructor.
    return () => {};
  }
}
