/** Who takes part in the demo. The engine knows the same two. One of them sees what goes on in the whole place, too. */
const PEOPLE = [
  { user: 'alice', groups: ['developers', 'leads'], roles: ['operations'] },
  { user: 'bob', groups: ['developers', 'leads'] },
];

/** The logins of the demo, as the gateway's `USERS` wants them. */
export const logins = (password) => PEOPLE.map((person) => ({ ...person, password }));
