import { unaryTest, evaluate as value } from '@bpmn-io/feelin';

/** Whether something that stands in a form is an expression of FEEL. */
export function isExpression(text: unknown): text is `=${string}` {
  return typeof text === 'string' && text.startsWith('=');
}

/** What an expression comes to over what is filled in; `null` where it comes to nothing, as form-js has it. */
export function evaluate(expression: `=${string}`, data: Record<string, unknown>): unknown {
  return tried(() => value(expression.slice(1), contextOf(data)));
}

/** Whether a condition holds over what is filled in. */
export function holds(condition: `=${string}`, data: Record<string, unknown>): boolean {
  return tried(() => unaryTest(condition.slice(1), contextOf(data))) === true;
}

function contextOf(data: Record<string, unknown>): Record<string, unknown> {
  const special = { this: data, i: [], parent: null };
  return { ...special, ...data, _this_: data, _i_: [], _parent_: null };
}

function tried(ask: () => { value: unknown }): unknown {
  try {
    return ask().value;
  } catch {
    return null;
  }
}
