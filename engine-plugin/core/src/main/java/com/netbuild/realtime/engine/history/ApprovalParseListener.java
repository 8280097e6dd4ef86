package com.netbuild.realtime.engine.history;

import java.util.List;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;

/** Keeps what a model says with its activity, which the engine holds in memory anyway. */
public final class ApprovalParseListener extends AbstractBpmnParseListener {

  @Override
  public void parseUserTask(Element userTask, ScopeImpl scope, ActivityImpl activity) {
    Element extensions = userTask.element("extensionElements");
    if (extensions == null || !"true".equals(property(extensions, "approval"))) {
      return;
    }
    activity.setProperty(Approval.PROPERTY, new Approval(
        property(extensions, "approvalVariable"),
        property(extensions, "reasonVariable"),
        "true".equals(property(extensions, "reasonRequired"))));
  }

  /** By local names: each engine has a namespace of its own beside that of Camunda. */
  private static String property(Element extensions, String name) {
    for (Element properties : named(extensions, "properties")) {
      for (Element property : named(properties, "property")) {
        String value = property.attribute("value");
        if (name.equals(property.attribute("name")) && value != null && !value.isBlank()) {
          return value.trim();
        }
      }
    }
    return null;
  }

  private static List<Element> named(Element parent, String name) {
    return parent.elements().stream().filter(element -> name.equals(element.getTagName())).toList();
  }
}
