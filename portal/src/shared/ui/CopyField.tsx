import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { words } from '../text/words';
import css from './ui.module.css';

/** A text that is meant to be copied whole. */
export function CopyField({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <div className={css.label}>{label}</div>
      <div className={css.copy}>
        <span className={css.copyText}>{text}</span>
        <CopyIcon label={label} text={text} />
      </div>
    </div>
  );
}

export function CopyIcon({ label, text }: { label: string; text: string }) {
  return (
    <CopyButton value={text} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? words.copiedHint : words.copyHint} withArrow>
          <ActionIcon
            variant="subtle"
            color={copied ? 'green' : 'gray'}
            onClick={copy}
            aria-label={copied ? words.copied(label) : words.copy(label)}
          >
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
