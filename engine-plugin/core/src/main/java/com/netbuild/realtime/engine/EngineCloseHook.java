package com.netbuild.realtime.engine;

import java.util.function.BooleanSupplier;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandExecutor;

/**
 * Tells when the engine closes. A plugin is not told by the engine; but its close runs a command through the executor
 * of schema operations, before the connection pool is shut, and after the build nothing else does.
 */
final class EngineCloseHook implements CommandExecutor {

  private final CommandExecutor delegate;
  private final BooleanSupplier built;
  private final Runnable onClose;

  EngineCloseHook(CommandExecutor delegate, BooleanSupplier built, Runnable onClose) {
    this.delegate = delegate;
    this.built = built;
    this.onClose = onClose;
  }

  @Override
  public <T> T execute(Command<T> command) {
    if (built.getAsBoolean()) {
      onClose.run();
    }
    return delegate.execute(command);
  }
}
