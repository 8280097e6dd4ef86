/** The engines that can be had with REST, and what the names of their settings begin with in the environment. */
export const ENGINES = {
  camunda: { settings: 'CAMUNDA_BPM' },
  operaton: { settings: 'OPERATON_BPM' },
};
