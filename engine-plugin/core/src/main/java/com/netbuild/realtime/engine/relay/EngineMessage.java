package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.history.JsonObject;
import com.netbuild.realtime.engine.outbox.Backlog;
import com.netbuild.realtime.engine.outbox.OutboxCommand;
import java.util.List;

/** The body of {@code POST /v1/engine}: whole commands, in order; none of them asks where the gateway's log stands. */
final class EngineMessage {

  private final StringBuilder json = new StringBuilder("{\"engine\":");
  private boolean hasCommands;

  EngineMessage(String engine) {
    JsonObject.quote(engine, json);
  }

  EngineMessage commands(List<OutboxCommand> commands, CommitClock clock) {
    hasCommands = true;
    json.append(",\"commands\":[");
    String separator = "";
    for (OutboxCommand command : commands) {
      json.append(separator).append("{\"id\":\"").append(command.id()).append("\",\"committedAt\":");
      appendMillis(clock.microsOf(command.id(), command.created()), json);
      json.append(",\"userId\":");
      if (command.userId() == null) {
        json.append("null");
      } else {
        JsonObject.quote(command.userId(), json);
      }
      json.append(",\"events\":").append(command.events()).append('}');
      separator = ",";
    }
    json.append(']');
    return this;
  }

  /** @param epoch the life that the commands follow on, in which alone they are to be taken; null: whichever it is */
  EngineMessage following(String epoch) {
    return text("epoch", epoch);
  }

  /** All that this engine keeps is in that life. */
  EngineMessage whole(String epoch) {
    return text("whole", epoch);
  }

  /** @param token the gateway's, before which all that was committed is in its log; null: none */
  EngineMessage seen(String token) {
    return text("seen", token);
  }

  /** @param backlog null: it was said just before */
  EngineMessage backlog(Backlog backlog) {
    if (backlog != null) {
      json.append(",\"backlog\":{\"rows\":").append(backlog.rows());
      if (backlog.oldest() != null) {
        json.append(",\"oldest\":").append(backlog.oldest());
      }
      json.append('}');
    }
    return this;
  }

  String end() {
    return json.append(hasCommands ? "}" : ",\"commands\":[]}").toString();
  }

  private EngineMessage text(String name, String value) {
    if (value != null) {
      json.append(",\"").append(name).append("\":");
      JsonObject.quote(value, json);
    }
    return this;
  }

  /** Milliseconds with three decimals; by hand, since a double's own text would be 1.763883000123456E12. */
  private static void appendMillis(long micros, StringBuilder json) {
    long fraction = micros % 1000;
    json.append(micros / 1000).append('.').append(fraction < 100 ? "0" : "").append(fraction < 10 ? "0" : "")
        .append(fraction);
  }
}
