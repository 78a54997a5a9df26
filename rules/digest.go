package rules

func (b *base) sum(f *Facts) {}

func (s *Snapshot) sumAll(records []*record) {}
