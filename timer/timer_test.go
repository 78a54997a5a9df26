package timer

import (
	"math/rand/v2"
	"testing"
	"time"
)

// The queue against the obvious model: a map from key to deadline.
func FuzzQueue(f *testing.F) {
	f.Add(uint64(1), 200)
	f.Add(uint64(7), 2000)
	f.Fuzz(func(t *testing.T, seed uint64, steps int) {
		r := rand.New(rand.NewPCG(seed, 0))
		var q Queue[int]
		model := map[int]time.Time{}
		now := time.Unix(1_800_000_000, 0)
		for range min(steps, 5000) {
			key := r.IntN(20)
			switch r.IntN(4) {
			case 0, 1:
				at := now.Add(time.Duration(r.IntN(1000)) * time.Millisecond)
				q.Start(key, at)
				model[key] = at
				if when, ok := q.When(key); !ok || !when.Equal(at) {
					t.Fatalf("When = %v, %v, want %v", when, ok, at)
				}
			case 2:
				_, want := model[key]
				delete(model, key)
				if got := q.Stop(key); got != want {
					t.Fatalf("Stop = %v, want %v", got, want)
				}
				if _, ok := q.When(key); ok {
					t.Fatal("a stopped timer has a deadline")
				}
			case 3:
				now = now.Add(time.Duration(r.IntN(300)) * time.Millisecond)
				var last time.Time
				for {
					next, _ := q.Next()
					key, ok := q.Pop(now)
					if !ok {
						break
					}
					if at := model[key]; at.After(now) || at.Before(last) || !at.Equal(next) {
						t.Fatalf("key %d at %v popped at %v after %v", key, at, now, last)
					} else {
						last = at
					}
					delete(model, key)
				}
				for key, at := range model {
					if !at.After(now) {
						t.Fatalf("key %d due at %v was not popped at %v", key, at, now)
					}
				}
			}
			if q.Len() != len(model) || len(q.at) != len(model) {
				t.Fatalf("%d timers, want %d", q.Len(), len(model))
			}
			if _, want := model[key]; q.Running(key) != want {
				t.Fatalf("Running(%d) = %v", key, !want)
			}
		}
	})
}

func TestEmpty(t *testing.T) {
	var q Queue[string]
	if _, ok := q.Next(); ok {
		t.Error("an empty queue has a deadline")
	}
	if _, ok := q.Pop(time.Unix(1<<40, 0)); ok || q.Stop("x") {
		t.Error("an empty queue gave a timer")
	}
}
