/** What is used of it: its own declarations take it for CommonJS, which its files are not. */
declare module 'bpmn-js/lib/NavigatedViewer.js' {
  export default class NavigatedViewer {
    constructor(options: {
      container: HTMLElement;
      bpmnRenderer: { defaultFillColor: string; defaultStrokeColor: string; defaultLabelColor: string };
      zoomScroll: { enabled: boolean };
      keyboard: { bind: boolean };
    });
    on(
      event: 'import.parse.complete',
      hear: (parsed: {
        definitions?: {
          diagrams?: { plane?: { planeElement?: { set(name: string, value: undefined): void }[] } }[];
        };
      }) => void,
    ): void;
    importXML(xml: string): Promise<unknown>;
    get(part: string): unknown;
    destroy(): void;
  }
}
