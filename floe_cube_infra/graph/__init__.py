"""The model as a graph: cubes, joins, row filters and views; as a picture, for Mermaid, for Graphviz."""
