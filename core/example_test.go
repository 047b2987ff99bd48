package core_test

import (
	"fmt"
	"os"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
)

// A question to the tiny model, whose weights are random: the loop is the caller's, so that it can
// stop at any token.
func Example() {
	model, err := core.Open(os.DirFS("../models/tiny"))
	if err != nil {
		fmt.Println(err)
		return
	}
	model.Prepare(simd.LookupKernel)
	session, err := core.NewSession(model, 256)
	if err != nil {
		fmt.Println(err)
		return
	}
	prompt, err := session.Begin(core.Request{
		Messages:  []text.Message{{Role: text.RoleUser, Content: "Hello!"}},
		Coding:    coding.Coding{Steps: 4, OutputSteps: 4},
		MaxTokens: 4,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("prompt of", prompt.Tokens, "tokens")
	for left := 1; left > 0; {
		if left, err = session.Prefill(); err != nil {
			fmt.Println(err)
			return
		}
	}
	for token := (core.Token{}); token.Finish == core.Running; {
		if err := session.Next(&token); err != nil {
			fmt.Println(err)
			return
		}
		first := token.Counts[coding.QKV]
		fmt.Printf("%q: %d of %d neurons away from rest, %d spikes\n",
			token.Text, first.Graded[0], model.Config.Neurons(coding.QKV), first.Spikes)
	}
	// Output:
	// prompt of 48 tokens
	// "\f": 95 of 96 neurons away from rest, 413 spikes
	// "5": 96 of 96 neurons away from rest, 378 spikes
	// "": 93 of 96 neurons away from rest, 377 spikes
	// "�$": 94 of 96 neurons away from rest, 424 spikes
}

// Two states that run the same tokens compute the same bits, however the tokens are cut into
// passes.
func ExampleState() {
	model, err := core.Open(os.DirFS("../models/tiny"))
	if err != nil {
		fmt.Println(err)
		return
	}
	tokens := model.Tokenizer.Encode(nil, "the end")
	var hashes [2]uint64
	for i, batch := range []int{1, len(tokens)} {
		state, err := core.NewState(model, 64, batch)
		if err != nil {
			fmt.Println(err)
			return
		}
		for at := 0; at < len(tokens); at += batch {
			if err := state.Forward(tokens[at:at+batch], false); err != nil {
				fmt.Println(err)
				return
			}
		}
		hashes[i] = core.HashLogits(core.HashSeed, state.Logits(0))
	}
	fmt.Println(len(tokens), "tokens, equal:", hashes[0] == hashes[1])
	// Output: 5 tokens, equal: true
}
