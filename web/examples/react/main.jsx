// React 19 or later: it sets properties of elements and listens to their events.

import { StrictMode, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

function App() {
  const chat = useRef(null);
  const [count, setCount] = useState(0);
  return (
    <>
      <h1>Ask</h1>
      <p>
        {`${count} answers. `}
        <button type="button" onClick={() => chat.current.clear()}>Begin anew</button>
      </p>
      <spike-chat
        ref={chat}
        placeholder="Ask about spikes"
        temperature={0.2}
        onmessage={() => setCount((before) => before + 1)}
      />
    </>
  );
}

createRoot(document.getElementById('root')).render(<StrictMode><App /></StrictMode>);
