// The panel of chats: what can be done with this one, and those that this browser keeps. Loaded
// when it is opened for the first time.

import { MAX_FILE, fileNameOf, fromJson, toJson, toMarkdown } from '../record/export.js';
import { linkedChatOf, toLink } from '../record/link.js';
import { titleOf } from '../record/title.js';
import { problemOf } from '../record/saver.js';
import { h } from '../shared/dom.js';
import { saveFile } from '../shared/save.js';
import { asSpikeError } from '../shared/errors.js';
import { formatDate } from '../shared/format.js';
import { words } from '../words/words.js';
import { copyFrom } from './clipboard.js';
import { setKeepsChats } from './keeping.js';
import { sentence } from './sentence.js';

/** @import { RecordedConversation } from '../record/types.js' */
/** @import { Saver } from '../record/saver.js' */
/** @import { Kept } from '../record/store.js' */

/**
 * @typedef {object} Host
 * @property {() => RecordedConversation} record a copy of the chat that goes on
 * @property {(record: RecordedConversation) => void} open
 * @property {(title: string) => void} rename the chat that goes on
 * @property {() => Saver} saver
 * @property {(keep: boolean) => void} keep from now on, or no more
 * @property {boolean} keeps
 * @property {boolean} links whether the page around opens links
 * @property {(status: string) => void} say
 * @property {() => void} close
 */

/** How long a button waits for the second press. */
const SURE_MS = 4000;

/** The panel's content. */
export class ChatsPanel {
  #host;
  // The status line reads it out.
  #words = h('p', { class: 'hint said' });
  #list = h('ul', { class: 'kept' });
  #keep;
  #deleteAll;
  #file = h('input', {
    type: 'file', accept: '.json,application/json', class: 'unseen', tabindex: -1,
    'aria-label': words.chats.file, onchange: () => this.#open(),
  });
  #own;
  element;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
    this.#keep = h('input', {
      type: 'checkbox', id: 'keep-chats', onchange: () => this.#setKeep(this.#keep.checked),
    });
    this.#keep.checked = host.keeps;
    const { deleteAll, sureAll } = words.chats;
    this.#deleteAll = twice(deleteAll, sureAll, () => this.#act(async () => {
      await host.saver().store.deleteAll();
      return words.chats.deletedAll;
    }));
    const link = button(words.chats.copyLink, () => this.#link(link));
    this.#own = h('div', { class: 'row' },
      button(words.chats.saveMarkdown, () => this.#save('md', 'text/markdown', toMarkdown)),
      button(words.chats.saveJson, () => this.#save('json', 'application/json', toJson)),
      ...(host.links ? [link] : []));
    this.element = h(
      'div',
      {},
      h('h2', {}, words.chats.own),
      this.#own,
      h('h2', {}, words.chats.others),
      h('div', { class: 'row' },
        button(words.chats.open, () => this.#file.click()), this.#file),
      h('div', { class: 'check' }, this.#keep,
        h('label', { for: 'keep-chats' }, words.chats.keep)),
      h('p', { class: 'hint' }, words.chats.keepHint),
      this.#list,
      this.#deleteAll,
      this.#words,
    );
  }

  /** Shows what there is now. */
  async refresh() {
    const empty = this.#host.record().turns.length === 0;
    for (const one of this.#own.querySelectorAll('button')) one.disabled = empty;
    /** @type {Kept[]} */
    let kept = [];
    if (this.#keep.checked) {
      try {
        const saver = this.#host.saver();
        await saver.flush();
        kept = await saver.store.list();
      } catch (error) {
        this.#say(problemOf(error));
      }
    }
    const { id } = this.#host.record();
    this.#list.replaceChildren(...kept.map((one) => this.#item(one, one.id === id)));
    this.#deleteAll.hidden = kept.length === 0;
  }

  /**
   * @param {Kept} kept
   * @param {boolean} current
   */
  #item({ id, revision, conversation }, current) {
    const { changed, turns } = conversation;
    const title = titleOf(conversation);
    const { host, item } = { host: this.#host, item: h('li', {}) };
    const about = `${formatDate(changed)} · ${words.chats.questions(turns.length)}`;
    const open = h('button', {
      class: 'quiet open', type: 'button', ...(current ? { 'aria-current': 'true' } : {}),
      onclick: () => {
        host.close();
        if (current) return;
        host.saver().adopt(id, revision);
        host.open(conversation);
      },
    }, h('span', { dir: 'auto' }, title),
    h('small', {}, current ? `${about} · ${words.chats.isOpen}` : about));
    const rename = button(words.chats.rename, () => {
      const box = h('input', {
        type: 'text', maxlength: 200, 'aria-label': words.chats.title, dir: 'auto',
      });
      box.value = title;
      const back = () => item.replaceChildren(open, tools);
      const keep = () => this.#act(async () => {
        if (current) host.rename(box.value.trim());
        await host.saver().flush();
        await host.saver().store.rename(id, box.value.trim());
        return words.chats.renamed;
      });
      item.replaceChildren(h('div', {
        class: 'row',
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          const { key, target, isComposing } = event;
          if (key === 'Escape') {
            event.stopPropagation();
            event.preventDefault();
            back();
            rename.focus();
          } else if (key === 'Enter' && target === box && !isComposing && event.keyCode !== 229) {
            keep();
          }
        },
      }, box,
      h('button', { class: 'quiet', type: 'button', onclick: keep }, words.chats.keepTitle)));
      box.focus();
      box.select();
    });
    const tools = h('div', { class: 'row' }, rename,
      twice(words.chats.delete, words.chats.sure, () => this.#act(async () => {
        await host.saver().store.delete(id);
        return words.chats.deleted;
      })));
    item.append(open, tools);
    return item;
  }

  /** @param {() => Promise<string>} work what to say of it */
  async #act(work) {
    try {
      this.#say(await work());
    } catch (error) {
      this.#say(problemOf(error));
    }
    await this.refresh();
    // What had the focus may have gone.
    const root = /** @type {ShadowRoot} */ (this.element.getRootNode());
    if (!this.element.contains(root.activeElement)) this.#keep.focus();
  }

  /** @param {boolean} keep */
  async #setKeep(keep) {
    const known = setKeepsChats(keep);
    this.#host.keep(keep);
    if (!keep) {
      this.#say(words.chats.noLonger);
      await this.refresh();
      return;
    }
    try {
      await this.#host.saver().store.list();
      this.#say(known ? '' : words.chats.choiceNotKept);
    } catch (error) {
      this.#keep.checked = false;
      setKeepsChats(false);
      this.#host.keep(false);
      this.#say(problemOf(error));
    }
    await this.refresh();
  }

  /**
   * @param {string} ending
   * @param {string} type
   * @param {(record: RecordedConversation) => string} write
   */
  #save(ending, type, write) {
    const record = this.#host.record();
    saveFile(fileNameOf(record, ending), new Blob([write(record)], { type }));
    this.#say(words.chats.saved);
  }

  /** @param {HTMLButtonElement} pressed */
  async #link(pressed) {
    try {
      const { origin, pathname, search } = location;
      const link = await toLink(linkedChatOf(this.#host.record()));
      const address = `${origin}${pathname}${search}${link}`;
      const copied = await copyFrom(pressed, address, (status) => this.#say(status));
      if (copied) this.#say(words.chats.linkCopied);
    } catch (error) {
      this.#say(words.chats.noLink(asSpikeError(error).message));
    }
  }

  async #open() {
    const [file] = this.#file.files ?? [];
    this.#file.value = '';
    if (!file) return;
    try {
      if (file.size > MAX_FILE) throw new Error(words.chats.tooLarge);
      const record = fromJson(await file.text());
      this.#host.close();
      this.#host.open(record);
    } catch (error) {
      this.#say(words.chats.notOpened(asSpikeError(error).message));
    }
  }

  /** @param {string} text */
  #say(text) {
    this.#words.textContent = sentence(text);
    this.#host.say(sentence(text));
  }
}

/** @param {string} name @param {() => void} onclick */
const button = (name, onclick) => h('button', { class: 'quiet', type: 'button', onclick }, name);

/**
 * A button that wants to be pressed twice.
 * @param {string} name
 * @param {string} question
 * @param {() => void} onsure
 */
function twice(name, question, onsure) {
  let sure = false;
  const one = button(name, () => {
    if (sure) {
      onsure();
      return;
    }
    sure = true;
    one.textContent = question;
    one.classList.add('danger');
    setTimeout(() => {
      sure = false;
      one.textContent = name;
      one.classList.remove('danger');
    }, SURE_MS);
  });
  return one;
}
