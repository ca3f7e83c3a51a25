"""The starter pair: one MobileNetV2 checkpoint published twice, and the sample pictures."""
