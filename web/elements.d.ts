// The tags <spike-chat> and <spike-heatmap> in TypeScript: in the document, and in the templates of
// React, Preact, Vue and Svelte. By hand, because comments cannot declare what is global. Names and
// values of properties, and what events carry, are taken from the code.

import type { SpikeChat } from './chat/element.js';
import type { SpikeChatEvents } from './chat/events.js';
import type { SettingName } from './chat/reflecting-element.js';
import type { SpikeHeatmap } from './heatmap/element.js';

interface SpikeHeatmapEvents {
  'spike-column': { column: number | null };
  'spike-select': { column: number; layer: number; population: string | null };
}

/** What an attribute may be as well: a number is text there. */
type Written<T> = T extends number ? T | `${number}` : T;

type Properties<Element, Name extends keyof Element> = {
  [One in Name]?: Written<NonNullable<Element[One]>> | null;
};

type ChatProperties = Omit<Properties<SpikeChat, SettingName>, 'model'> & {
  model?: string | URL | null;
  'max-tokens'?: Written<number> | null;
  /**
   * Of the chat's own words, where it is not that of the page around: en, ja, zh, de, es or ar;
   * English for any other. What the reader chooses in the settings counts before it.
   */
  lang?: string;
  /** Of embed.js alone. */
  mode?: 'inline' | 'bubble' | null;
};
type HeatmapProperties = Properties<SpikeHeatmap, 'measure' | 'population' | 'usual'>;

type EventsOf<Details> = { [Name in keyof Details]: CustomEvent<Details[Name]> };

/** Events as React, Preact and Svelte have them: `onready`, in lower case. */
type Listeners<Details> = {
  [Name in keyof Details as `on${Name & string}`]?: (event: CustomEvent<Details[Name]>) => void;
};

/** A framework's own properties of an element, but for those that ours have otherwise. */
type Tag<Own, Ours> = Omit<Own, keyof Ours> & Ours;

type ChatTag<Own> = Tag<Own, ChatProperties & Listeners<SpikeChatEvents>>;
type HeatmapTag<Own> = Tag<Own, HeatmapProperties & Listeners<SpikeHeatmapEvents>>;

/** Events of <spike-chat> by their names: its own, and those of every element. */
export interface SpikeChatEventMap
  extends Omit<HTMLElementEventMap, keyof SpikeChatEvents>, EventsOf<SpikeChatEvents> {}

export interface SpikeHeatmapEventMap extends HTMLElementEventMap, EventsOf<SpikeHeatmapEvents> {}

declare module './chat/element.js' {
  interface SpikeChat {
    /** Of embed.js alone: opens the bubble. */
    open?(): void;
    /** Of embed.js alone: closes the bubble. */
    close?(): void;
    addEventListener<Name extends keyof SpikeChatEventMap>(
      type: Name,
      listener: (this: SpikeChat, event: SpikeChatEventMap[Name]) => unknown,
      options?: boolean | AddEventListenerOptions,
    ): void;
    addEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | AddEventListenerOptions,
    ): void;
    removeEventListener<Name extends keyof SpikeChatEventMap>(
      type: Name,
      listener: (this: SpikeChat, event: SpikeChatEventMap[Name]) => unknown,
      options?: boolean | EventListenerOptions,
    ): void;
    removeEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | EventListenerOptions,
    ): void;
  }
}

declare module './heatmap/element.js' {
  interface SpikeHeatmap {
    addEventListener<Name extends keyof SpikeHeatmapEventMap>(
      type: Name,
      listener: (this: SpikeHeatmap, event: SpikeHeatmapEventMap[Name]) => unknown,
      options?: boolean | AddEventListenerOptions,
    ): void;
    addEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | AddEventListenerOptions,
    ): void;
    removeEventListener<Name extends keyof SpikeHeatmapEventMap>(
      type: Name,
      listener: (this: SpikeHeatmap, event: SpikeHeatmapEventMap[Name]) => unknown,
      options?: boolean | EventListenerOptions,
    ): void;
    removeEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | EventListenerOptions,
    ): void;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'spike-chat': SpikeChat;
    'spike-heatmap': SpikeHeatmap;
  }
}

// Each of the frameworks may be missing: then its lines are nothing, and not errors. That is said
// line by line, so a type of theirs is on a line of its own.

// @ts-ignore
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'spike-chat': ChatTag<ReactTag<SpikeChat>>;
      'spike-heatmap': HeatmapTag<ReactTag<SpikeHeatmap>>;
    }
  }
}
// @ts-ignore
type ReactTag<T> = import('react').DetailedHTMLProps<import('react').HTMLAttributes<T>, T>;

// @ts-ignore
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'spike-chat': ChatTag<PreactTag<SpikeChat>>;
      'spike-heatmap': HeatmapTag<PreactTag<SpikeHeatmap>>;
    }
  }
}
// @ts-ignore
type PreactTag<T extends EventTarget> = import('preact').HTMLAttributes<T>;

// @ts-ignore
declare module 'vue' {
  interface GlobalComponents {
    'spike-chat': VueTag<SpikeChat, ChatProperties, SpikeChatEvents>;
    'spike-heatmap': VueTag<SpikeHeatmap, HeatmapProperties, SpikeHeatmapEvents>;
  }
}
type VueTag<Element, Properties, Details> = new () => Element & {
  $props: Tag<VueOwn, Properties>;
  $emit: VueEmit<{ [Name in keyof Details]: (event: CustomEvent<Details[Name]>) => void }>;
};
// @ts-ignore
type VueOwn = import('vue').HTMLAttributes & import('vue').PublicProps;
// @ts-ignore
type VueEmit<T> = import('vue').EmitFn<T>;

// @ts-ignore
declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'spike-chat': ChatTag<SvelteTag<SpikeChat>>;
    'spike-heatmap': HeatmapTag<SvelteTag<SpikeHeatmap>>;
  }
}
// @ts-ignore
type SvelteTag<T extends EventTarget> = import('svelte/elements').HTMLAttributes<T>;
