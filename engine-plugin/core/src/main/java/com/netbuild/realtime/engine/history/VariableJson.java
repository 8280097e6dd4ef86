package com.netbuild.realtime.engine.history;

import java.util.Date;
import java.util.Set;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.history.event.HistoricVariableUpdateEventEntity;
import org.camunda.bpm.engine.impl.variable.serializer.TypedValueSerializer;

/** Type and value of a variable, as screens can have them. */
final class VariableJson {

  /** Longer texts are documents; they stay in the engine. */
  private static final int LONGEST = 4_000;
  /** Beyond it a number of JavaScript is not exact. */
  private static final long SAFE = (1L << 53) - 1;
  private static final Set<String> WHOLE_NUMBERS = Set.of("integer", "short", "long");

  private VariableJson() {}

  static void add(JsonObject to, HistoricVariableUpdateEventEntity event) {
    String type = typeOf(event);
    // As REST names it, so that both ways of capture say the same.
    to.field("type", type.isEmpty() ? null : Character.toUpperCase(type.charAt(0)) + type.substring(1));
    if (event.getEventType().equals("delete")) {
      return;
    }
    if (!addValue(to, type, event)) {
      to.field("omitted", true);
    }
  }

  private static boolean addValue(JsonObject to, String type, HistoricVariableUpdateEventEntity event) {
    if (type.equals("null")) {
      to.nothing("value");
    } else if (type.equals("string")) {
      // The engine keeps an empty text in the second field, since Oracle has none.
      String text = event.getTextValue() == null && event.getTextValue2() != null ? "" : event.getTextValue();
      if (text != null && text.length() > LONGEST) {
        return false;
      }
      addText(to, text);
    } else if (type.equals("boolean")) {
      if (event.getLongValue() == null) {
        to.nothing("value");
      } else {
        to.field("value", event.getLongValue() == 1);
      }
    } else if (type.equals("date")) {
      if (event.getLongValue() == null) {
        to.nothing("value");
      } else {
        to.field("value", new Date(event.getLongValue()));
      }
    } else if (WHOLE_NUMBERS.contains(type)) {
      addNumber(to, event.getLongValue());
    } else if (type.equals("double")) {
      Double number = event.getDoubleValue();
      if (number != null && !Double.isFinite(number)) {
        return false;
      }
      if (number == null) {
        to.nothing("value");
      } else {
        to.number("value", number.toString());
      }
    } else {
      return false;
    }
    return true;
  }

  private static void addText(JsonObject to, String text) {
    if (text == null) {
      to.nothing("value");
    } else {
      to.field("value", text);
    }
  }

  private static void addNumber(JsonObject to, Long number) {
    if (number == null) {
      to.nothing("value");
    } else if (Math.abs(number) > SAFE) {
      to.field("value", number.toString());
    } else {
      to.number("value", number.toString());
    }
  }

  /** The name of the value's type; the serializer's is another one for objects. */
  private static String typeOf(HistoricVariableUpdateEventEntity event) {
    String serializer = event.getSerializerName();
    if (serializer == null) {
      return "";
    }
    TypedValueSerializer<?> known =
        Context.getProcessEngineConfiguration().getVariableSerializers().getSerializerByName(serializer);
    return known == null ? serializer : known.getType().getName();
  }
}
