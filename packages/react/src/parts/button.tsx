import { useInsertionEffect } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { forgoInlineStyle } from './forgo-inline-style.ts';

/** What a button is for, and whether what it does is under way. */
export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'isPending'> {
  /**
   * `primary`: what is to be done next, one on a card. `framed`: as likely as that. `bad`: what can not be taken back.
   * `quiet`: all else. Default `quiet`.
   */
  kind?: 'primary' | 'framed' | 'bad' | 'quiet';
  /** It takes no press meanwhile, and keeps the focus. */
  isBusy?: boolean;
}

/**
 * A button of React Aria in the looks of `parts.css`.
 *
 * @example <Button kind="primary" isBusy={claim.status === 'running'} onPress={() => claim.run({ taskId })}>Claim</Button>
 */
export function Button({ kind = 'quiet', isBusy = false, onPress, type = 'button', ...props }: ButtonProps) {
  useInsertionEffect(forgoInlineStyle);
  return (
    <AriaButton
      {...props}
      className={`nb-button nb-button--${kind}`}
      // Not disabled, which would take the focus away; nor pending, as React Aria has it: it would say so aloud.
      {...(isBusy ? { 'aria-disabled': true } : onPress && { onPress })}
      type={isBusy && type === 'submit' ? 'button' : type}
    />
  );
}
