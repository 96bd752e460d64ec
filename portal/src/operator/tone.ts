/** Colours of states. */
export type Tone = 'blue' | 'gray' | 'green' | 'orange' | 'red' | 'yellow';
