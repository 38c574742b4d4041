"""Redress on Kubernetes: a kustomize base, an overlay to start from, and the check of both."""
