package com.netbuild.realtime.bench;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Counts how often the load's threads ask the database something: each execution, and each batch once. The relay's own
 * statements run on a thread of its own, after the commit, and are not among them. Switched off it adds nothing.
 */
final class CountingDataSource implements DataSource {

  private final DataSource delegate;
  private final AtomicLong statements = new AtomicLong();
  private volatile boolean isOn;

  CountingDataSource(DataSource delegate) {
    this.delegate = delegate;
  }

  void count(boolean isOn) {
    this.isOn = isOn;
  }

  long statements() {
    return statements.get();
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = delegate.getConnection();
    return isOn && Thread.currentThread().getName().startsWith(Turn.THREAD) ? counted(connection) : connection;
  }

  private Connection counted(Connection connection) {
    return wrap(Connection.class, connection, (name, result) -> {
      if (!(result instanceof Statement statement)) {
        return result;
      }
      Class<?> type = result instanceof java.sql.CallableStatement ? java.sql.CallableStatement.class
          : result instanceof java.sql.PreparedStatement ? java.sql.PreparedStatement.class : Statement.class;
      return wrap(type, statement, (called, answer) -> {
        if (called.startsWith("execute")) {
          statements.incrementAndGet();
        }
        return answer;
      });
    });
  }

  private interface After {
    Object called(String name, Object result);
  }

  @SuppressWarnings("unchecked")
  private static <T> T wrap(Class<?> type, Object target, After after) {
    return (T) Proxy.newProxyInstance(type.getClassLoader() == null ? CountingDataSource.class.getClassLoader()
        : type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
          try {
            return after.called(method.getName(), method.invoke(target, arguments));
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return delegate.getConnection(username, password);
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return delegate.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    delegate.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    delegate.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return delegate.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return delegate.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return delegate.isWrapperFor(type);
  }
}
