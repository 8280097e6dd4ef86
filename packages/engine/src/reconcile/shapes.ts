/** What the engine's REST API answers, as far as it is read here. Nothing in it is trusted: facts are checked. */
type Text = string | null | undefined;

interface Placed {
  id: string;
  tenantId?: Text;
  processInstanceId?: Text;
  rootProcessInstanceId?: Text;
  processDefinitionId?: Text;
  processDefinitionKey?: Text;
}

/** Of `/history/process-instance`. */
export interface HistoricProcess extends Placed {
  processDefinitionName?: Text;
  processDefinitionVersion?: number | null;
  businessKey?: Text;
  startUserId?: Text;
  startTime: string;
  endTime?: Text;
  deleteReason?: Text;
  superProcessInstanceId?: Text;
  state?: Text;
}

/** Of `/history/activity-instance`. */
export interface HistoricActivity extends Placed {
  activityId: string;
  activityName?: Text;
  activityType?: Text;
  taskId?: Text;
  calledProcessInstanceId?: Text;
  canceled?: boolean | null;
  startTime: string;
  endTime?: Text;
}

/** What `/task` and `/history/task` have in common. */
interface AnyTask extends Placed {
  name?: Text;
  description?: Text;
  taskDefinitionKey?: Text;
  assignee?: Text;
  owner?: Text;
  priority?: number | null;
  due?: Text;
  followUp?: Text;
  parentTaskId?: Text;
}

/** Of `/history/task`. */
export interface HistoricTask extends AnyTask {
  activityInstanceId?: Text;
  startTime: string;
  endTime?: Text;
  deleteReason?: Text;
}

/** Of `/task`. */
export interface RuntimeTask extends AnyTask {
  created: string;
  lastUpdated?: Text;
}

/** What `/incident` and `/history/incident` have in common. */
interface AnyIncident extends Placed {
  incidentType?: Text;
  incidentMessage?: Text;
  activityId?: Text;
  failedActivityId?: Text;
}

/** Of `/incident`. */
export interface RuntimeIncident extends AnyIncident {
  incidentTimestamp: string;
}

/** Of `/history/incident`. */
export interface HistoricIncident extends AnyIncident {
  createTime: string;
  endTime?: Text;
}
