"""How Redress is run: on this machine (`local`) and on Kubernetes (`k8s`)."""
