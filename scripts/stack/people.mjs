/** Who takes part in the demo. The engine knows the same two. */
const PEOPLE = [
  { user: 'alice', groups: ['developers', 'leads'] },
  { user: 'bob', groups: ['developers', 'leads'] },
];

/** The logins of the demo, as the gateway's `USERS` wants them. */
export const logins = (password) => PEOPLE.map((person) => ({ ...person, password }));
