package com.netbuild.realtime.demo;

import java.util.UUID;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.authorization.Groups;
import org.camunda.bpm.engine.identity.Group;
import org.camunda.bpm.engine.identity.User;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/**
 * The accounts of the demo: a service account for the gateway, alice and bob, both developers and leads.
 * Passwords are set at each start, so that a folder of data goes with whatever the environment says now.
 */
@Component
class DemoAccounts implements InitializingBean {

  private final IdentityService identity;
  private final DemoProperties properties;

  DemoAccounts(IdentityService identity, DemoProperties properties) {
    this.identity = identity;
    this.properties = properties;
  }

  /** Runs while the application starts, so that nobody finds REST open and the accounts missing. */
  @Override
  public void afterPropertiesSet() {
    String servicePassword = properties.servicePassword();
    if (servicePassword == null || servicePassword.isBlank()) {
      throw new IllegalStateException("CAMUNDA_PASSWORD is missing: the password of the service account "
          + properties.serviceUser() + ", with which the gateway calls REST.");
    }
    group("developers", "Developers");
    group("leads", "Leads");
    group(Groups.CAMUNDA_ADMIN, "Administrators");

    user(properties.serviceUser(), "Gateway", "Service", servicePassword, Groups.CAMUNDA_ADMIN);
    String people = properties.peoplePassword();
    String password = people == null || people.isBlank() ? UUID.randomUUID().toString() : people;
    user("alice", "Alice", "Developer", password, "developers", "leads");
    user("bob", "Bob", "Lead", password, "developers", "leads");
  }

  private void group(String id, String name) {
    if (identity.createGroupQuery().groupId(id).count() == 0) {
      Group group = identity.newGroup(id);
      group.setName(name);
      group.setType("WORKFLOW");
      identity.saveGroup(group);
    }
  }

  private void user(String id, String firstName, String lastName, String password, String... groups) {
    User user = identity.createUserQuery().userId(id).singleResult();
    if (user == null) {
      user = identity.newUser(id);
      user.setFirstName(firstName);
      user.setLastName(lastName);
    }
    user.setPassword(password);
    identity.saveUser(user);
    for (String group : groups) {
      if (identity.createUserQuery().userId(id).memberOfGroup(group).count() == 0) {
        identity.createMembership(id, group);
      }
    }
  }
}
