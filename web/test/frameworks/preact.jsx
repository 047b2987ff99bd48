/** @jsxImportSource preact */
import { render } from 'preact';

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
  let state = first;
  const show = () => render(<App state={state} />, root);
  show();
  return {
    set(change) {
      state = { ...state, ...change };
      show();
    },
    end: () => render(null, root),
  };
}
