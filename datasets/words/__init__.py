"""The texts of the invented shop: what customers, agents and the robot say and write."""
