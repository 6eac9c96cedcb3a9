"""The invented shop 暖巷生活馆 in 2025: one module for each part of its life."""
