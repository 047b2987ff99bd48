import { StrictMode, useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';

function App({ state: { shown, order, tell, ...settings } }) {
  return (
    <main>
      {order.map((key) => (key !== 'chat' ? <p key={key}>{key}</p> : shown && (
        <spike-chat
          key={key} {...settings}
          onready={tell} onprogress={tell} ontoken={tell} onmessage={tell} onerror={tell}
        >
          Not yet
        </spike-chat>
      )))}
    </main>
  );
}

export function start(root, first) {
  const app = createRoot(root);
  let state = first;
  const show = () => flushSync(() => app.render(<App state={state} />));
  show();
  return {
    set(change) {
      state = { ...state, ...change };
      show();
    },
    end: () => app.unmount(),
  };
}

/** Loads while it is mounted. In development StrictMode mounts it, takes it back, mounts it anew. */
function Loader({ tell, mounts, ...settings }) {
  const chat = useRef(null);
  useEffect(() => {
    const { current } = chat;
    mounts.push('mount');
    current.addEventListener('ready', tell);
    current.start();
    return () => {
      mounts.push('unmount');
      current.removeEventListener('ready', tell);
      current.unload();
    };
  }, [tell, mounts]);
  return <spike-chat ref={chat} {...settings} />;
}

export function startStrict(root, first) {
  const app = createRoot(root);
  flushSync(() => app.render(<StrictMode><Loader {...first} /></StrictMode>));
  return { end: () => app.unmount() };
}
