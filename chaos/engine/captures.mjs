/**
 * How what happens in the engine comes to the log: the networks on the way, whose faults count, and what it says that
 * it can not see.
 */
export const CAPTURES = {
  plugin: { networks: ['relay', 'relay', 'desk'], exceptions: none },
};

/** All of it is seen. */
function none() {
  return { excepts: () => false, excepted: () => 0 };
}
