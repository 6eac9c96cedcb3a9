"""The practice: one night at the desk, made of the models of all chapters (`kefu.practice.shift`)."""
