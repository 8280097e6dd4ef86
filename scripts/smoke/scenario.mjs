import { say } from '../lib/say.mjs';

/** How long bob's network is away, in milliseconds. */
const CUT = 2000;

/**
 * What two people do and the programs of the story, in this order, each as one would: by clicking, and after seeing what the last click did.
 *
 * @param {{ alice, aliceList, bob, cable }} stage
 *   `alice`, `bob`: the screens that follow the execution; `aliceList`: a second tab of alice's, at her list
 */
export async function play({ alice, aliceList, bob, cable }) {
  const mine = '[data-testid=tasks-mine]';

  say('  alice starts a delivery; its first task may be done by a group');
  await alice.page.getByTestId('start-open').click();
  await alice.page.getByTestId('start-title').fill('Deliver the invoice service');
  await alice.page.getByTestId('start-service').fill('invoice-service');
  await alice.page.getByTestId('start-submit').click();
  const started = await alice.sees('the execution', '[data-testid=execution]');
  const executionId = await started.getAttribute('data-execution-id');
  await Promise.all(
    [bob, aliceList].map((screen) => screen.seesTask('review-requirements', '[data-assignee=""]')),
  );
  const live = {};
  live.alice = await alice.watch(executionId);
  live.bob = await bob.watch(executionId);
  const process = await alice.sees('the process', '[data-testid=process]');
  const processInstanceId = await process.getAttribute('data-process-id');
  await Promise.all(
    [alice, bob].map((screen) => screen.seesTask('review-requirements', '[data-assignee=""]')),
  );

  say('  alice asks the agent, and it answers');
  await alice.say('@agent what does it cost?');
  await Promise.all([alice, bob].map((screen) => screen.hears('A delivery costs')));

  say('  alice says something, bob answers');
  await alice.say('I have a first draft of the requirements.');
  await bob.hears('I have a first draft of the requirements.');
  await bob.say('Good, I will have a look.');
  await alice.hears('Good, I will have a look.');

  say('  alice claims the task; bob sees that she has it');
  await alice.press('review-requirements', 'task-claim');
  await Promise.all(
    [alice, bob].map((screen) => screen.seesTask('review-requirements', '[data-assignee=alice]')),
  );
  await aliceList.seesTask('review-requirements', '[data-assignee=alice]', mine);

  say('  alice gives it to bob; it leaves her list');
  await aliceList.assign('review-requirements', 'bob');
  await aliceList.lacksTask('review-requirements', mine);
  await Promise.all(
    [alice, bob].map((screen) => screen.seesTask('review-requirements', '[data-assignee=bob]')),
  );

  say('  bob fills in its form, forgets something, and completes it; the agent begins to generate');
  await bob.press('review-requirements', 'task-complete');
  await bob.fillIn('requirements', 'Invoices by email, with the items of an order.');
  await bob.press('review-requirements', 'form-submit');
  await bob.sees('what he forgot', '[data-testid=form-fault-size]');
  await bob.page.getByLabel('Medium').check();
  await bob.press('review-requirements', 'form-submit');
  await alice.sees('who has submitted it', '[data-event-type="form:submitted"]:has-text("bob filled in")');
  await alice.seesTask('review-requirements', '[data-state=completed]');
  await bob.seesTask('review-requirements', '[data-state=completed]');

  say(`  bob's network is away for ${CUT / 1000} s, while alice writes and the agent finishes`);
  const cut = { from: Date.now() };
  await cable.cut(CUT, async () => {
    for (const text of ['Are you there?', 'The agent is at work.', 'It is done, look at the approval.'])
      await alice.say(text);
    await alice.seesTask('approve-release', '[data-assignee=""]');
  });
  await bob.hears('It is done, look at the approval.');
  await bob.seesTask('approve-release', '[data-assignee=""]');
  await bob.untilLive();
  cut.to = Date.now();

  say('  alice accepts what the agent has suggested meanwhile; both see it');
  await alice.act(/^Accept: Suggestion/);
  await Promise.all([alice, bob].map((screen) => screen.seesEvent('optimization:accepted')));

  say('  bob is back and says so; alice takes the approval and approves');
  await bob.say('Back again, I have everything.');
  await alice.hears('Back again, I have everything.');
  await alice.press('approve-release', 'task-claim');
  await Promise.all(
    [alice, bob].map((screen) => screen.seesTask('approve-release', '[data-assignee=alice]')),
  );
  await alice.press('approve-release', 'task-approve');

  say('  the provider says that it is paid; the service is deployed');
  await Promise.all([alice, bob].map((screen) => screen.seesEvent('payment:confirmed')));
  await bob.sees('what alice has decided', '[data-event-type="approval:completed"]');
  await Promise.all(
    [alice, bob].map((screen) =>
      screen.sees('the end of the process', '[data-testid=process][data-process-state=completed]'),
    ),
  );
  await Promise.all([alice, bob].map((screen) => screen.seesEvent('pattern:learned')));
  return { executionId, processInstanceId, live, cut };
}
