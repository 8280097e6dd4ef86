import { setTimeout as sleep } from 'node:timers/promises';
import { agent, BpmnError } from '@netbuild/realtime-agent';

/** What the agent does, and what it says meanwhile. */
const STEPS = [
  ['Reading the requirements', (name) => `I read the requirements of ${name}. `],
  ['Writing the code', () => 'They want three routes and one table; I write these. '],
  ['Writing the tests', () => 'Each route gets a test, and each error that it can tell. '],
  ['Building', (name) => `All tests pass: ${name}-1.0.0.jar is built.`],
];

/**
 * Generates services. It is a plain, deterministic program that plays the part of a code generator: no AI, no code. A
 * service whose name contains `fail` ends in the BPMN error `generation-failed`; a `serviceName` that is no text is a
 * technical failure, which the engine has tried again.
 *
 * @param {{ publisher: object, workMs: number }} tools `workMs`: milliseconds that a service takes
 */
export function createAgent({ publisher, workMs }) {
  return agent(
    'generate-service',
    async (
      { id, variables: { serviceName: name = 'service' }, processInstanceId, businessKey },
      say,
      signal,
    ) => {
      if (typeof name !== 'string') throw new Error(`serviceName must be text, but is ${typeof name}.`);
      const started = new Date().toISOString();
      const service = {
        microserviceId: processInstanceId,
        name,
        version: '1.0.0',
        started,
        processInstanceId,
        executionId: businessKey,
      };
      const told = (what) => ({ id: `${id}/${started}/${what}` });
      const generated = (progress, step) =>
        publisher.send('microservice:generating', { ...service, progress, step }, told(progress));

      for (const [i, [step, words]] of STEPS.entries()) {
        say.status(step);
        await generated((i * 100) / STEPS.length, step);
        await say(words(name));
        await sleep(workMs / STEPS.length, undefined, { signal });
        if (i === 1 && name.includes('fail')) {
          const failure = 'The generated code does not compile.';
          await publisher.send('microservice:failed', { ...service, failure }, told('failed'));
          throw new BpmnError('generation-failed', failure);
        }
        if (i === 1)
          await publisher.send(
            'optimization:suggested',
            {
              optimizationId: `${processInstanceId}-cache`,
              title: `Let clients keep what ${name} has answered`,
              effect: 'The same question is not asked twice within a minute.',
              target: `microservice/${processInstanceId}`,
              executionId: businessKey,
              processInstanceId,
            },
            told('suggestion'),
          );
      }
      await generated(100, 'Built');
      return { artifact: `${name}-1.0.0.jar` };
    },
    { variables: ['serviceName'], stopped: 'generation-failed' },
  );
}
