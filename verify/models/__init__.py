"""What plans and studies share: SDEs, flows, small networks, laws, images, all measured exactly."""
