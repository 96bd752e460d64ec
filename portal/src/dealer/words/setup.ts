import { speak } from '../words';

// What computes may say something; the tests read it in English.
await speak('en');
