module cordon

go 1.26.0
