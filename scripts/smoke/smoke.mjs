import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBrowser } from '../lib/browser.mjs';
import { freePort } from '../lib/ports.mjs';
import { say } from '../lib/say.mjs';
import { step } from '../lib/step.mjs';
import { engineRest } from '../stack/engine.mjs';
import { startStack } from '../stack/stack.mjs';
import { layCable } from './cable.mjs';
import { whatHappened } from './history.mjs';
import { report } from './report.mjs';
import { play } from './scenario.mjs';
import { openScreen } from './screen.mjs';
import { BESIDE, STORY } from './story.mjs';
import { judge, judgeStory, judgeTogether } from './verdict.mjs';

/** Long enough that bob's network is away when the agent finishes, in milliseconds. */
const AGENT_WORK = 1000;

/** How long whoever pays takes, in milliseconds. */
const PAY = 300;

const VIEWPORT = { width: 1280, height: 860 };

/**
 * One scripted run of two people through a real browser, on data of its own.
 * @returns {Promise<number>} the exit code: 0 if both screens showed what the engine says and what the story tells,
 *   once and in order
 */
export async function smoke({ dir }) {
  rmSync(dir, { recursive: true, force: true });
  const port = await freePort();
  const cable = await layCable(port);
  const bobsUrl = `http://127.0.0.1:${cable.port}`;
  const stack = await startStack({
    dir,
    port,
    gatewayEnv: { CLIENT_URL: bobsUrl },
    programs: { AGENT_WORK_MS: String(AGENT_WORK), PAY_MS: String(PAY) },
  });
  const { gateway, engine, secrets, account } = stack;
  const browser = await step('Starting the browser and logging in', startBrowser);
  // Each in a context of its own: of two tabs in one window, the browser slows down the hidden one.
  const open = async (who, url) =>
    openScreen(await browser.newContext({ viewport: VIEWPORT }), {
      who,
      url,
      password: secrets.demoPassword,
    });
  const alice = await open('alice', gateway.url);
  const aliceList = await open('alice', gateway.url);
  const bob = await open('bob', bobsUrl);

  const played = await step('Two people at work', () =>
    play({ alice, aliceList, bob, cable }).catch(async (error) => {
      for (const { who, page } of [alice, bob]) await page.screenshot({ path: path.join(dir, `${who}.png`) });
      throw error;
    }),
  );

  const rest = engineRest(engine.url, account);
  const history = await whatHappened(rest, played.processInstanceId);
  const records = await settled([alice, bob], history);
  const faults = faultsOf([alice, bob], history, records);
  const lists = [
    ['in the list of alice', aliceList],
    ['in the list of bob', bob],
  ];
  const first = await Promise.all(
    lists.map(async ([where, screen]) => ({ where, card: (await screen.record()).cards[0] })),
  );
  report(
    [
      { who: 'alice', live: played.live.alice, record: records.alice },
      { who: 'bob', live: played.live.bob, cut: played.cut, record: records.bob },
    ],
    first,
  );
  await browser.close();
  await stack.stop();
  return conclude(history, faults);
}

/** The last events may still be on their way when the process is seen to have ended. */
async function settled(screens, history) {
  for (const end = Date.now() + 5000; ; await sleep(100)) {
    const records = Object.fromEntries(
      await Promise.all(screens.map(async (one) => [one.who, await one.record()])),
    );
    const isWhole = faultsOf(screens, history, records).length === 0;
    if (isWhole || Date.now() > end) return records;
  }
}

const faultsOf = (screens, history, records) => [
  ...screens.flatMap(({ who, crashes }) => [
    ...crashes,
    ...judge(who, history, records[who]),
    ...judgeStory(who, STORY, records[who]),
    ...judgeStory(who, BESIDE, records[who]),
  ]),
  ...judgeTogether(records),
];

function conclude(history, faults) {
  const steps = history.reduce((sum, subject) => sum + subject.steps.length, 0);
  for (const fault of faults) say(`FAULT: ${fault}`);
  say(
    faults.length === 0
      ? `All ${steps} things that the engine's history says happened, and all ${STORY.length + BESIDE.length} kinds of events that the story tells beside it, were seen on both screens, once and in order.`
      : `${faults.length} fault(s): the screens did not show what the engine's history says and the story tells.`,
  );
  return faults.length === 0 ? 0 : 1;
}
